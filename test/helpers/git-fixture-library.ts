/** A small library with one item of each kind. */
export const fixtureLibrary: Readonly<Record<string, string>> = {
  'carrel.yaml': 'format: 1\nname: Team of tests\ndescription: Fixture\n',
  'README.md': '# Team of tests\n',
  'prompts/review/code.prompt.md': `---
name: Code review
description: Reviews a change
team: everybody # unknown keys are fine
variables:
  - { name: language, type: choice, label: Language, required: true, choices: [TypeScript, Go] }
  - { name: change, type: long-text, required: true }
  - { name: strict, type: boolean, default: true }
  - { name: limit, type: number, default: 5 }
---

Review this {{language}} change ({{ strict }}), at most {{limit}} points:
{{change}}
`,
  'agents/reviewer.agent.md': `---
name: Reviewer
description: Looks at changes
route: local/small-model
tools: [search]
knowledge: handbook
starters:
  - What changed?
---
You review changes.
`,
  'skills/release/SKILL.md': '---\nname: release\ndescription: Makes a release\n---\nSteps.\n',
  'skills/release/scripts/tag.sh': '#!/bin/sh\n',
  'knowledge/handbook/start.md': '# Start\n\nRead this first.\n',
  'templates/service/template.yaml': 'name: Service\ndescription: A small service\n',
  'templates/service/files/main.ts': 'export {};\n',
  'policy/members.yaml': 'version: 1\nmembers: []\n',
};
