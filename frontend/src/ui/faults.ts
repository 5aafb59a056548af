/** After a refused submit: go to the first field that is wrong, once it is marked. */
export function goToFirstFault(form: HTMLFormElement): void {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
}
