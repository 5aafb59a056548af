/** Light, dark, or as the system says. Kept on this device at once, and in the profile by the profile page. */

export type Theme = 'light' | 'dark' | 'system'

const STORED = 'jiedui.theme'
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

let chosen = $state<Theme>(stored())

function stored(): Theme {
  const value = localStorage.getItem(STORED)
  return value === 'light' || value === 'dark' ? value : 'system'
}

function apply(): void {
  const dark = chosen === 'dark' || (chosen === 'system' && systemDark.matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

export function currentTheme(): Theme {
  return chosen
}

export function useTheme(theme: Theme): void {
  chosen = theme
  localStorage.setItem(STORED, theme)
  apply()
}

/** Shows the theme now and follows the system from here on. */
export function startTheme(): void {
  systemDark.addEventListener('change', apply)
  apply()
}
