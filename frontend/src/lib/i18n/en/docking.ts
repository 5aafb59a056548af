/** What fits at once, the workbench, the settings of docking, and what a run is compared with. */
export const docking = {
  'fitting.offers': 'Offers that would fit now',
  'fitting.offers.now': 'Fitting offers',
  'fitting.offers.none': 'No open offer fits just now.',
  'fitting.needs': 'Needs that it would fit now',
  'fitting.needs.now': 'Fitting needs',
  'fitting.needs.none': 'It fits no open need just now.',
  'fitting.pick': 'Choose a resource type to see what fits.',
  'fitting.failed': 'What fits cannot be said just now. Your form is not affected.',
  'fitting.total': '{n} fits|{n} fit',
  'fitting.nearly': '{n} nearly fits|{n} nearly fit',
  'fitting.propose': 'Propose',
  'fitting.proposeThis': 'Propose “{title}”',
}
