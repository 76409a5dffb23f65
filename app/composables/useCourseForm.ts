import { NewCourse, type CourseType } from '#shared/schemas/course'
import type { FieldError } from '#shared/schemas/problem'
import { needsGroups } from '#shared/utils/course-steps'

export interface GroupRow { key: number, number: string, name: string }

let nextKey = 0
/** A row of the form, empty unless told otherwise. */
export const groupRow = (number = '', name = ''): GroupRow => ({ key: nextKey++, number, name })

/**
 * The state of the form for a new course, validated by the server's own schema. A field's error shows
 * when another field gets the focus or after a submit. Errors of the server show until the form changes.
 */
export function useCourseForm() {
  const fields = reactive({ name: '', semester: '', type: 'LABORATORY' as CourseType, discordGuildId: '', githubRepoName: '' })
  const mode = ref<'rows' | 'lines'>('rows')
  const rows = ref<GroupRow[]>([groupRow('1')])
  const lines = ref('')
  const touched = reactive(new Set<string>())
  let blurred: string[] = []
  const isSubmitted = ref(false)
  const serverErrors = shallowRef<FieldError[]>([])

  const parsed = computed(() => parseGroupLines(lines.value))
  const groups = computed(() => mode.value === 'rows' ? rows.value : parsed.value.groups)
  const input = computed(() => ({
    name: fields.name,
    semester: fields.semester,
    type: fields.type,
    ...(fields.discordGuildId.trim() && { discordGuildId: fields.discordGuildId.trim() }),
    ...(fields.githubRepoName.trim() && fields.type !== 'LABORATORY' && { githubRepoName: fields.githubRepoName.trim() }),
    ...(needsGroups(fields.type) && { labGroups: groups.value.map(({ number, name }) => ({ number: toNumber(number), name })) }),
  }))
  const result = computed(() => NewCourse.safeParse(input.value))
  const hasBadLines = computed(() => needsGroups(fields.type) && mode.value === 'lines' && parsed.value.bad.length > 0)
  watch([input, lines], () => serverErrors.value = [])

  const errors = computed(() => {
    const all = new Map<string, string>()
    for (const { field, message, fix } of serverErrors.value) all.set(field, `${message} ${fix}`)
    for (const issue of result.value.error?.issues ?? []) {
      const field = issue.path.join('.')
      if ((isSubmitted.value || touched.has(field)) && !all.has(field)) all.set(field, explain(issue))
    }
    return all
  })

  /** Switches between rows and lines and converts the groups; refused while a line cannot be read. */
  function setMode(next: 'rows' | 'lines') {
    if (next === mode.value) return
    if (next === 'lines') lines.value = toGroupLines(rows.value)
    else if (parsed.value.bad.length) return
    else rows.value = parsed.value.groups.length ? parsed.value.groups.map(({ number, name }) => groupRow(number, name)) : [groupRow('1')]
    mode.value = next
  }

  /** Adds pasted lines to the groups, and shows them all as lines. */
  function addLines(text: string) {
    lines.value = [toGroupLines(rows.value.filter(({ name }) => name.trim())), text].filter(Boolean).join('\n')
    mode.value = 'lines'
  }

  /**
   * Shows the errors of the blurred fields, now that another field has the focus. Errors that appear
   * at the blur itself would move a button away while the mouse presses it.
   */
  function focus() {
    for (const field of blurred) touched.add(field)
    blurred = []
  }

  /** Returns the course to send; undefined while a field is wrong, and then shows all errors. */
  function submit(): NewCourse | undefined {
    isSubmitted.value = true
    return result.value.success && !hasBadLines.value ? input.value as NewCourse : undefined
  }

  return {
    fields, mode, setMode, addLines, rows, lines, parsed, errors, isSubmitted, hasBadLines, focus, submit,
    blur: (field: string) => void blurred.push(field),
    setServerErrors: (errors: FieldError[]) => serverErrors.value = errors,
  }
}

const toNumber = (text: string): number | undefined => /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined

type Issue = NonNullable<ReturnType<typeof NewCourse.safeParse>['error']>['issues'][number]

function explain(issue: Issue): string {
  if (issue.path.at(-1) === 'number' && issue.code !== 'custom') return 'Give a whole number from 1 to 9999.'
  const fix = issue.code === 'custom' ? issue.params?.fix : undefined
  // The fix for a missing group shows JSON, which does not help in a form.
  return typeof fix === 'string' && issue.path.length !== 1 ? `${issue.message} ${fix}` : issue.message
}
