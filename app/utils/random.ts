/** 128 random bits in hex. Unlike `randomUUID` it also works on pages that came over plain HTTP. */
export const randomId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
