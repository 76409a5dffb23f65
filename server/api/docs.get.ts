import { setResponseHeader } from 'h3'
import { policyOf } from '../http/content-security-policy'
import { handle } from '../http/handle'

const page = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Atelier API</title>
  <link rel="stylesheet" href="/_docs/swagger-ui.css">
</head>
<body>
  <div id="docs"></div>
  <script src="/_docs/swagger-ui-bundle.js"></script>
  <script src="/docs.js"></script>
</body>
</html>`

export default handle('getDocs', async ({ event }) => {
  setResponseHeader(event, 'content-type', 'text/html; charset=utf-8')
  setResponseHeader(event, 'content-security-policy', policyOf(page))
  return page
})
