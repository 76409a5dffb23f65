import { project } from './figma.ts'
import { branch, repo, repoFromTemplate } from './github.ts'
import { space } from './huggingface.ts'
import type { Subject } from './subject.ts'

/** Everything that the conformance suite runs over: a new provider is one line. */
export const subjects: [string, Subject][] = [
  ['git_branch', branch],
  ['git_repo', repo],
  ['git_repo from a template', repoFromTemplate],
  ['hf_space', space],
  ['figma_project', project],
]
