/** Where a dialog begins: at its first field, and not at the button that closes it. For `onOpenAutoFocus` of its content. */
export function focusFirstField(event: Event): void {
  const field = event.target instanceof HTMLElement && event.target.querySelector<HTMLElement>('input, select, textarea, [role=checkbox]')
  if (!field) return
  event.preventDefault()
  field.focus()
}
