/** A web address; the sign that ends a sentence is none of it. */
const ADDRESS = /(https?:\/\/[^\s"'<>()]*[^\s"'<>().,:;!?])/

/** Text in pieces: what stands between web addresses, and these. */
export const splitAddresses = (text: string): { text: string, isAddress: boolean }[] =>
  text.split(ADDRESS).map((text, index) => ({ text, isAddress: index % 2 === 1 })).filter(part => part.text !== '')
