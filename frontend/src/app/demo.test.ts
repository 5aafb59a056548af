import { expect, it } from 'vitest'
import scenario from '../../../server/seed/demo.py?raw'
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './demo'

it('offers the accounts that the scenario makes, with their password', () => {
  const made = [...scenario.matchAll(/DemoAccount\(\s*"(\w+)"/g)].map((match) => match[1])
  expect(made).toEqual([...DEMO_ACCOUNTS])
  expect(scenario).toContain(`DEMO_PASSWORD = "${DEMO_PASSWORD}"`)
})
