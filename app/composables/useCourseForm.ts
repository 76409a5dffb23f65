import { NewCourse, type CourseType } from '#shared/schemas/course'
import type { FieldError } from '#shared/schemas/problem'
import { needsGroups } from '#shared/utils/course-steps'

export interface GroupRow { key: number, number: string, name: string }

let nextKey = 0
/** An empty row of the form, or one with what is known. */
export const groupRow = (number = '', name = ''): GroupRow => ({ key: nextKey++, number, name })

/**
 * The state of the form for a new course, checked by the server's own schema. A field's error
 * shows once another is entered, or once sending was tried; what the server says shows until the form changes.
 */
export function useCourseForm() {
  const fields = reactive({ name: '', semester: '', type: 'LABORATORY' as CourseType, discordGuildId: '', githubRepoName: '' })
  const mode = ref<'rows' | 'lines'>('rows')
  const rows = ref<GroupRow[]>([groupRow('1')])
  const lines = ref('')
  const left = reactive(new Set<string>())
  let leaving: string[] = []
  const isTried = ref(false)
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
      if ((isTried.value || left.has(field)) && !all.has(field)) all.set(field, explain(issue))
    }
    return all
  })

  /** Goes over to the other way to write groups, with all that was written; not while a line cannot be read. */
  function setMode(next: 'rows' | 'lines') {
    if (next === mode.value) return
    if (next === 'lines') lines.value = toGroupLines(rows.value)
    else if (parsed.value.bad.length) return
    else rows.value = parsed.value.groups.length ? parsed.value.groups.map(({ number, name }) => groupRow(number, name)) : [groupRow('1')]
    mode.value = next
  }

  /** Adds lines to the groups that are there, and shows them all as lines. */
  function takeLines(text: string) {
    lines.value = [toGroupLines(rows.value.filter(({ name }) => name.trim())), text].filter(Boolean).join('\n')
    mode.value = 'lines'
  }

  /**
   * Shows the errors of the fields that were left, now that another is entered. Shown when they
   * are left, they would move a button away from under the mouse that is just pressing it.
   */
  function enter() {
    for (const field of leaving) left.add(field)
    leaving = []
  }

  /** The course as it can be sent; undefined while something is wrong, and then it shows. */
  function submit(): NewCourse | undefined {
    isTried.value = true
    return result.value.success && !hasBadLines.value ? input.value as NewCourse : undefined
  }

  return {
    fields, mode, setMode, takeLines, rows, lines, parsed, errors, isTried, hasBadLines, enter, submit,
    leave: (field: string) => void leaving.push(field),
    refuse: (refused: FieldError[]) => serverErrors.value = refused,
  }
}

const toNumber = (text: string): number | undefined => /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined

type Issue = NonNullable<ReturnType<typeof NewCourse.safeParse>['error']>['issues'][number]

function explain(issue: Issue): string {
  if (issue.path.at(-1) === 'number' && issue.code !== 'custom') return 'Give a whole number from 1 to 9999.'
  const fix = issue.code === 'custom' ? issue.params?.fix : undefined
  // The fix of a missing group speaks JSON, and here there is a form.
  return typeof fix === 'string' && issue.path.length !== 1 ? `${issue.message} ${fix}` : issue.message
}
