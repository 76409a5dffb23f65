const BROWSERS = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'], [/\b(OPR|Opera)\//, 'Opera'], [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium)\//, 'Chrome'], [/\bSafari\//, 'Safari'],
] as const

const SYSTEMS = [
  [/\bWindows\b/, 'Windows'], [/\bAndroid\b/, 'Android'], [/\b(iPhone|iPad)\b/, 'iOS'], [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'], [/\bLinux\b/, 'Linux'],
] as const

/** Browser and system of a user agent, by which a person recognises their own; nothing else of it is kept. */
export function browserName(userAgent = ''): string {
  const nameIn = (names: readonly (readonly [RegExp, string])[]) => names.find(([pattern]) => pattern.test(userAgent))?.[1]
  // A program names itself first: curl/8.5.0.
  const program = /^[\w.-]{1,40}/.exec(userAgent)?.[0] ?? 'Unknown browser'
  const system = nameIn(SYSTEMS)
  return [nameIn(BROWSERS) ?? program, ...system ? [system] : []].join(' on ')
}
