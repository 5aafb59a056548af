/** Who brings sheets of needs: the county's own bodies. */
export const WRITERS = ['western_government', 'line_department']
