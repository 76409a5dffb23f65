/** Focuses the first field of a dialog instead of its close button. For `onOpenAutoFocus` of the dialog's content. */
export function focusFirstField(event: Event): void {
  const field = event.target instanceof HTMLElement && event.target.querySelector<HTMLElement>('input, select, textarea, [role=checkbox]')
  if (!field) return
  event.preventDefault()
  field.focus()
}
