/** A name from code as people read it: `guildId` as `Guild id`, `BRANCH_PROTECTION` as `Branch protection`. Other text stays as it is. */
export function readable(name: string): string {
  if (!/^[a-z][\w-]*$/i.test(name)) return name
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ').trim().toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
