/** The colours of the dashboard. `ink` is defined in main.css. */
export default defineAppConfig({
  ui: {
    colors: { primary: 'ink', neutral: 'stone', success: 'emerald', warning: 'amber', error: 'red', info: 'ink' },
    button: { defaultVariants: { color: 'neutral', variant: 'outline' } },
    badge: { slots: { base: 'whitespace-nowrap' } },
  },
})
