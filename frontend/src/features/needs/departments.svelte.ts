/** The line departments whose agreement a county can ask for: its own, and those of the places above it. */
import { listRegistered } from '../../api/participants'
import type { ParticipantRef, ParticipantRow } from '../../api/types'
import { listed, named, t } from '../../app/language.svelte'
import type { Option } from '../../app/options.svelte'
import { Resource } from '../../app/resource.svelte'

/** Those of the county's province, fetched again when the county is in another one. */
export function useDepartments(placeCode: () => string): Resource<ParticipantRow[]> {
  const found = new Resource(async () => {
    const province = placeCode().slice(0, 2)
    if (!province) return []
    return (await listRegistered({ kind: 'line_department', status: 'verified', place: `${province}0000`, limit: 200 })).items
  })
  $effect(() => {
    if (placeCode().slice(0, 2)) void found.load()
  })
  $effect(() => () => found.close())
  return found
}

export function departmentOptions(found: ParticipantRow[] | undefined, placeCode: string, chosen?: ParticipantRef | null): Option[] {
  const fitting = (found ?? []).filter((each) => each.place && covers(each.place.code, placeCode))
  const missing = chosen && !fitting.some((each) => each.id === chosen.id) ? [{ value: chosen.id, label: named(chosen.name) }] : []
  return [
    { value: '', label: t('needs.departmentNone') },
    ...missing,
    ...fitting.map((each) => ({ value: each.id, label: listed([named(each.name), named(each.place?.name)]) })),
  ]
}

/** Whether a place is the county's own or above it, by their GB/T 2260 codes. */
export function covers(seat: string, county: string): boolean {
  return county !== '' && county.startsWith(seat.replace(/(00){1,2}$/, ''))
}
