/** The item of the library that the person edited and the team changed too. */
export const EDITED = 'prompts/code/review-a-change.prompt.md';
