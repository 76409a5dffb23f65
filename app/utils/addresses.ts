/** A web address, without the punctuation mark that ends its sentence. */
const ADDRESS = /(https?:\/\/[^\s"'<>()]*[^\s"'<>().,:;!?])/

/** Splits text into web addresses and the text between them. */
export const splitAddresses = (text: string): { text: string, isAddress: boolean }[] =>
  text.split(ADDRESS).map((text, index) => ({ text, isAddress: index % 2 === 1 })).filter(part => part.text !== '')
