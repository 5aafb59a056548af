/** The form of a campaign as it is typed, what is wrong with it, and what is sent. */
import type { CampaignInput } from '../../api/campaigns'
import type { Campaign, ResourceType } from '../../api/types'
import { readQuantity, typedText, type MoneyUnit } from '../../lib/quantity'
import { separated } from '../../lib/typed'
import { dateFaults, measureOf, type Faults } from '../forms/form'

export interface TypedAim {
  typeCode: string
  amount: string
}

export interface CampaignForm {
  organiserId: string
  organiserName: string
  hostId: string
  hostName: string
  charityId: string
  charityName: string
  title: string
  description: string
  conditions: string
  villages: string
  from: string
  to: string
  aims: TypedAim[]
  moneyUnit: MoneyUnit
}

export function emptyCampaign(moneyUnit: MoneyUnit, today: string): CampaignForm {
  return {
    organiserId: '', organiserName: '', hostId: '', hostName: '', charityId: '', charityName: '', title: '', description: '', conditions: '',
    villages: '', from: today, to: '', aims: [{ typeCode: '', amount: '' }], moneyUnit,
  }
}

export function formOf(campaign: Campaign, moneyUnit: MoneyUnit, nameOf: (name: Campaign['host']['name']) => string): CampaignForm {
  return {
    organiserId: campaign.organiser.id, organiserName: nameOf(campaign.organiser.name), hostId: campaign.host.id, hostName: nameOf(campaign.host.name),
    charityId: campaign.charity?.id ?? '', charityName: campaign.charity ? nameOf(campaign.charity.name) : '', title: campaign.title,
    description: campaign.description, conditions: campaign.conditions, villages: campaign.villages.join('，'), from: campaign.window.from,
    to: campaign.window.to, aims: campaign.aims.map((aim) => ({ typeCode: aim.resource_type.code, amount: typedText(aim.quantity, moneyUnit) })), moneyUnit,
  }
}

/** What is wrong, by field as the server names it. */
export function faultsOf(form: CampaignForm, types: ResourceType[], today: string, unchosen: { host: boolean; charity: boolean }): Faults {
  const faults: Faults = {}
  if (!form.title.trim()) faults.title = { key: 'form.titleMissing' }
  if (!form.hostId) faults.host_id = { key: 'picker.unchosen' }
  if (unchosen.charity) faults.charity_id = { key: 'picker.unchosen' }
  Object.assign(faults, dateFaults(form.from, form.to, today))
  for (const [index, aim] of form.aims.entries()) Object.assign(faults, aimFaults(form, aim, index, types))
  return faults
}

function aimFaults(form: CampaignForm, aim: TypedAim, index: number, types: ResourceType[]): Faults {
  const type = types.find((one) => one.code === aim.typeCode)
  if (!type) return { [`aims.${index}.resource_type`]: { key: 'form.typeMissing' } }
  if (form.aims.findIndex((other) => other.typeCode === aim.typeCode) < index) return { [`aims.${index}.resource_type`]: { key: 'campaignForm.twice' } }
  const measure = measureOf(type, type.unit)
  const reading = readQuantity(aim.amount, measure, form.moneyUnit)
  return reading.ok ? {} : { [`aims.${index}.quantity`]: { key: reading.fault, values: { text: aim.amount, decimals: measure.decimals } } }
}

/** What is sent; call it only for a form without faults. */
export function campaignInput(form: CampaignForm, types: ResourceType[]): CampaignInput {
  return {
    charity_id: form.charityId || null, title: form.title.trim(), description: form.description.trim(), conditions: form.conditions.trim(),
    villages: separated(form.villages), window: { from: form.from, to: form.to },
    aims: form.aims.map((aim) => {
      const type = types.find((one) => one.code === aim.typeCode) as ResourceType
      const reading = readQuantity(aim.amount, measureOf(type, type.unit), form.moneyUnit)
      if (!reading.ok) throw new Error(`not a quantity: ${aim.amount}`)
      return { resource_type: aim.typeCode, quantity: reading.quantity }
    }),
  }
}
