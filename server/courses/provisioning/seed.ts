/** The five files of a new repository, by path. */
export const seedFiles = ({ title, course, semester }: { title: string, course: string, semester: string }): Record<string, string> => ({
  'README.md': `# ${title}

${course}, ${semester}.

- [Syllabus](syllabus.md): what happens when
- [Contributing](CONTRIBUTING.md): how to hand in work
- [Assignments](assignments/TEMPLATE.md): one file each, from this template
`,
  'syllabus.md': `# Syllabus

${course}, ${semester}

| week | topic | reading | due |
|---|---|---|---|
| 1 | Introduction | | |
| 2 | | | |

## Grading

Say here what counts and how much.
`,
  'CONTRIBUTING.md': `# How to hand in work

1. Make a branch from the default branch: \`git switch -c assignment-1\`.
2. Commit early and in small steps; say why in the message.
3. Push the branch and open a pull request. The template asks what a reviewer needs to know.
4. One approval is needed before it can be merged. The default branch takes no direct or forced pushes.
`,
  '.github/pull_request_template.md': `## What and why

## How to try it

## Checklist

- [ ] It does what the assignment asks
- [ ] It is tested
- [ ] Sources are named
`,
  'assignments/TEMPLATE.md': `# Assignment: title

**Due:** date and time

## Task

## What to hand in

## How it is graded

| criterion | points |
|---|---|
| | |
`,
})
