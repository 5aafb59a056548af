import './polyfills'
import './tokens.css'
import './base.css'
import { mount } from 'svelte'
import App from './app/App.svelte'
import { currentLanguage, useLanguage } from './app/language.svelte'
import { startRouter } from './app/router.svelte'
import { startTheme } from './app/theme.svelte'

startTheme()
startRouter()
const target = document.getElementById('app') as HTMLElement
useLanguage(currentLanguage()).then(
  () => mount(App, { target }),
  () => {
    target.textContent = '无法连接服务器，请刷新页面。 The server cannot be reached: reload this page.'
  },
)
