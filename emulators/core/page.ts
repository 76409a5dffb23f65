import { html, raw } from 'hono/html'

export type Html = ReturnType<typeof html>

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --soft: #8882; --ink: #57606a; --link: #0969da }
  @media (prefers-color-scheme: dark) { :root { --ink: #9aa4af; --link: #6cb6ff } }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
  a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
  h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin-top: 1.8rem }
  ul { list-style: none; padding: 0; border: 1px solid var(--line); border-radius: 6px }
  li { padding: .35rem .8rem; border-top: 1px solid var(--line) } li:first-child { border-top: 0 }
  li ul { margin: .35rem 0 } code, pre { background: var(--soft); border-radius: 4px; padding: .1rem .3rem }
  pre { padding: .8rem; overflow: auto } small { color: var(--ink) }
  .badge { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; color: var(--ink) }
  button { font: inherit; padding: .4rem 1rem; border-radius: 6px; border: 1px solid var(--line); cursor: pointer }
  label { display: block; padding: .3rem 0 }
`

/** A small web page, readable in light and dark mode. The template escapes all its values. */
export function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${raw(STYLE)}</style>
</head>
<body>
${body}
<p><small>This is an emulator: a stand-in for the real service, on this machine only.</small></p>
</body>
</html>`
}

/** A list, or a sentence when the list is empty. */
export function list(items: Html[], emptyText: string): Html {
  return items.length === 0 ? html`<p><small>${emptyText}</small></p>` : html`<ul>${items.map(item => html`<li>${item}</li>`)}</ul>`
}
