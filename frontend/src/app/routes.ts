/** Every page of the client: its address, its title, and how its code is fetched. */
import type { Component } from 'svelte'
import type { Key } from '../lib/i18n/translate'

export interface Route {
  path: string
  /** The document's title until the page sets a better one. */
  title: Key
  /** Which item of the navigation is current here. */
  section: string
  /** Shown to visitors who are not signed in, too. */
  open?: boolean
  load: () => Promise<{ default: Component<{ params: Record<string, string> }> }>
}

type Page = Promise<{ default: Component<{ params: Record<string, string> }> }>

function route(path: string, title: Key, load: () => Promise<{ default: unknown }>, section = `/${path.split('/')[1]}`): Route {
  return { path, title, section, load: load as () => Page }
}

/** A page for visitors who have no account yet. */
function open(path: string, title: Key, load: () => Promise<{ default: unknown }>): Route {
  return { ...route(path, title, load), open: true }
}

export const routes: Route[] = [
  route('/', 'page.today', () => import('../features/today/TodayPage.svelte')),
  route('/needs', 'page.needs', () => import('../features/needs/NeedsPage.svelte')),
  route('/needs/new', 'page.needNew', () => import('../features/needs/NeedFormPage.svelte')),
  route('/needs/import', 'page.needsImport', () => import('../features/imports/ImportsPage.svelte')),
  route('/needs/import/:id', 'page.import', () => import('../features/imports/ImportPage.svelte')),
  route('/needs/:id', 'page.need', () => import('../features/needs/NeedPage.svelte')),
  route('/needs/:id/edit', 'page.needEdit', () => import('../features/needs/NeedFormPage.svelte')),
  route('/offers', 'page.offers', () => import('../features/offers/OffersPage.svelte')),
  route('/offers/new', 'page.offerNew', () => import('../features/offers/OfferFormPage.svelte')),
  route('/offers/import', 'page.offersImport', () => import('../features/imports/ImportsPage.svelte')),
  route('/offers/import/:id', 'page.import', () => import('../features/imports/ImportPage.svelte')),
  route('/offers/:id', 'page.offer', () => import('../features/offers/OfferPage.svelte')),
  route('/offers/:id/edit', 'page.offerEdit', () => import('../features/offers/OfferFormPage.svelte')),
  route('/docking', 'page.docking', () => import('../features/docking/DockingPage.svelte')),
  route('/docking/workbench', 'page.workbench', () => import('../features/docking/WorkbenchPage.svelte')),
  route('/docking/settings', 'page.dockingSettings', () => import('../features/docking/SettingsPage.svelte')),
  route('/docking/runs/:id', 'page.dockingRun', () => import('../features/docking/RunPage.svelte')),
  route('/suggestions/:id', 'page.suggestion', () => import('../features/docking/SuggestionPage.svelte'), '/docking'),
  route('/proposals', 'page.proposals', () => import('../features/proposals/ProposalsPage.svelte')),
  route('/proposals/decline-reasons', 'page.declines', () => import('../features/proposals/DeclinesPage.svelte')),
  route('/proposals/:id', 'page.proposal', () => import('../features/proposals/ProposalPage.svelte')),
  route('/pledges', 'page.pledges', () => import('../features/pledges/PledgesPage.svelte')),
  route('/pledges/sums', 'sums.title', () => import('../features/pledges/SumsPage.svelte')),
  route('/pledges/calendar', 'page.calendar', () => import('../features/pledges/CalendarPage.svelte')),
  route('/pledges/import', 'page.pledgesImport', () => import('../features/imports/ImportsPage.svelte')),
  route('/pledges/import/:id', 'page.import', () => import('../features/imports/ImportPage.svelte')),
  route('/pledges/:id', 'page.pledge', () => import('../features/pledges/PledgePage.svelte')),
  route('/deliveries/import', 'page.deliveriesImport', () => import('../features/imports/ImportsPage.svelte'), '/pledges'),
  route('/deliveries/import/:id', 'page.import', () => import('../features/imports/ImportPage.svelte'), '/pledges'),
  route('/deliveries/:id', 'page.delivery', () => import('../features/deliveries/DeliveryPage.svelte'), '/pledges'),
  route('/pairings', 'page.pairings', () => import('../features/pairings/PairingsPage.svelte')),
  route('/pairings/:id', 'page.pairing', () => import('../features/pairings/PairingPage.svelte')),
  route('/projects', 'page.projects', () => import('../features/projects/ProjectsPage.svelte')),
  route('/projects/new', 'page.projectNew', () => import('../features/projects/ProjectFormPage.svelte')),
  route('/projects/import', 'page.projectsImport', () => import('../features/imports/ImportsPage.svelte')),
  route('/projects/import/:id', 'page.import', () => import('../features/imports/ImportPage.svelte')),
  route('/projects/:id', 'page.project', () => import('../features/projects/ProjectPage.svelte')),
  route('/projects/:id/edit', 'page.projectEdit', () => import('../features/projects/ProjectFormPage.svelte')),
  route('/agreements', 'page.agreements', () => import('../features/agreements/AgreementsPage.svelte'), '/pairings'),
  route('/agreements/new', 'page.agreementNew', () => import('../features/agreements/AgreementFormPage.svelte'), '/pairings'),
  route('/agreements/:id', 'page.agreement', () => import('../features/agreements/AgreementPage.svelte'), '/pairings'),
  route('/agreements/:id/edit', 'page.agreementEdit', () => import('../features/agreements/AgreementFormPage.svelte'), '/pairings'),
  route('/meetings/new', 'page.jointMeetingNew', () => import('../features/meetings/MeetingFormPage.svelte'), '/pairings'),
  route('/meetings/:id', 'page.jointMeeting', () => import('../features/meetings/MeetingPage.svelte'), '/pairings'),
  route('/meetings/:id/edit', 'page.jointMeetingEdit', () => import('../features/meetings/MeetingFormPage.svelte'), '/pairings'),
  route('/meetings/:id/record', 'page.jointMeetingRecord', () => import('../features/meetings/MinutesPage.svelte'), '/pairings'),
  route('/secondments/new', 'page.secondmentNew', () => import('../features/secondments/SecondmentFormPage.svelte'), '/pairings'),
  route('/secondments/:id', 'page.secondment', () => import('../features/secondments/SecondmentPage.svelte'), '/pairings'),
  route('/secondments/:id/edit', 'page.secondmentEdit', () => import('../features/secondments/SecondmentFormPage.svelte'), '/pairings'),
  route('/summaries/:id', 'page.summary', () => import('../features/summaries/SummaryPage.svelte'), '/pairings'),
  route('/tasks', 'page.tasks', () => import('../features/tasks/TasksPage.svelte'), '/pairings'),
  route('/tasks/:id', 'page.task', () => import('../features/tasks/TaskPage.svelte'), '/pairings'),
  route('/integration', 'page.integration', () => import('../features/projects/IntegrationPage.svelte'), '/projects'),
  route('/campaigns', 'page.campaigns', () => import('../features/campaigns/CampaignsPage.svelte')),
  route('/campaigns/new', 'page.campaignNew', () => import('../features/campaigns/CampaignFormPage.svelte')),
  route('/campaigns/:id', 'page.campaign', () => import('../features/campaigns/CampaignPage.svelte')),
  route('/campaigns/:id/edit', 'page.campaignEdit', () => import('../features/campaigns/CampaignFormPage.svelte')),
  route('/inbox', 'page.inbox', () => import('../features/inbox/InboxPage.svelte')),
  route('/overdue', 'page.overdue', () => import('../features/overdue/OverduePage.svelte')),
  route('/overdue/pairings', 'page.health', () => import('../features/overdue/HealthPage.svelte')),
  route('/overdue/meeting', 'page.meeting', () => import('../features/overdue/MeetingPage.svelte')),
  route('/overdue/bulletin', 'page.bulletin', () => import('../features/overdue/BulletinPage.svelte')),
  route('/board', 'page.board', () => import('../features/board/BoardPage.svelte')),
  route('/map', 'page.map', () => import('../features/map/MapPage.svelte')),
  route('/ledger', 'page.ledger', () => import('../features/ledger/LedgerPage.svelte')),
  route('/ledger/pledges/:id', 'page.ledger', () => import('../features/ledger/AccountPage.svelte')),
  route('/places/:code', 'page.place', () => import('../features/places/PlacePage.svelte')),
  route('/participants/new', 'page.registerFor', () => import('../features/participants/RegisterForPage.svelte')),
  route('/participants/:id', 'page.participant', () => import('../features/participants/ParticipantPage.svelte')),
  route('/participants/:id/contacts', 'page.contacts', () => import('../features/contacts/ContactsPage.svelte')),
  route('/participants/:id/members', 'page.members', () => import('../features/participants/MembersPage.svelte')),
  route('/participants', 'page.participants', () => import('../features/participants/ParticipantsPage.svelte')),
  open('/register', 'page.register', () => import('../features/accounts/RegisterPage.svelte')),
  open('/sign-in/openid', 'page.openid', () => import('../features/accounts/OpenIdPage.svelte')),
  open('/forgotten', 'page.forgotten', () => import('../features/accounts/ForgottenPage.svelte')),
  open('/give/campaigns/:id', 'page.giveCampaign', () => import('../features/commitments/CampaignGivePage.svelte')),
  open('/certificates/:number', 'page.certificate', () => import('../features/certificates/CertificatePage.svelte')),
  open('/given', 'page.given', () => import('../features/commitments/GivenPage.svelte')),
  open('/give/:id', 'page.give', () => import('../features/commitments/GivePage.svelte')),
  open('/join', 'page.join', () => import('../features/accounts/JoinPage.svelte')),
  route('/admin/users', 'page.users', () => import('../features/admin/UsersPage.svelte'), '/admin/users'),
  route('/admin/users/:id', 'page.user', () => import('../features/admin/UserPage.svelte'), '/admin/users'),
  route('/audit/alone', 'page.alone', () => import('../features/trail/AlonePage.svelte')),
  route('/audit', 'page.trail', () => import('../features/trail/TrailPage.svelte')),
  route('/me', 'page.me', () => import('../features/me/MePage.svelte')),
]
