import fc from 'fast-check';

/** Documents as models write them: every construct that has broken an incremental renderer. */
export const REAL_DOCUMENTS: Readonly<Record<string, string>> = {
  answer: `Not quite. The runbook promises **five attempts over about six hours** [1], and the design
gives the same schedule with 20 % jitter [2].

| Attempt | Runbook | Code |
|:--------|:-------:|-----:|
| 1 to 3  | 0 s, 30 s \\| 5 min | 0 s |
| 4       | 1 h | \`1 h\`, then gives up |

The limit is off by one:

\`\`\`ts
attempt += 1
if (attempt >= MAX_ATTEMPTS) return giveUp(event)

await wait(DELAYS[attempt])
\`\`\`

1. First, raise the limit.
2. Then add jitter:
   - spread each delay by 20 %
   - keep the *first* one short

   A paragraph of the second item.
3. Test it.

> Quoted,
continued lazily
> - with a list
>   and more

Done. See <https://example.org/a?b=c> and [the page](https://example.org "title").
`,
  references: `Both [the guide] and [this][b] are defined later, and [nobody] is not.

- an item with [the guide]
- another

[the guide]: https://example.org/guide
[b]: <https://example.org/b>
  "A title on
  two lines"
[the guide]: https://example.org/second-is-ignored

[bad]: javascript:alert(1)

Now [the guide] again, ![image][b] and [bad].

> [inside]: https://example.org/inside

[inside] comes from the quotation.
`,
  lists: `- a
- b

- c
  continued

      code in an item

- d
* other marker
+ third

para

1) one
2) two

   loose

10. ten
-
  empty first
- - nested
  - nested

    loose nested
text that ends it
---
- x
***
1. y
\t- tab
`,
  fences: `\`\`\`\`md
\`\`\`js
nested
\`\`\`
\`\`\`\`
~~~
tilde \`\`\`
~~~~
  \`\`\`py
  indented
    deeper
  \`\`\`
- item
  \`\`\`
  in item
  \`\`\`
> \`\`\`
> quoted
not lazily

\`\`\` not \`a\` fence
    code block

    same code block

text
\`\`\`open until the end
<script>alert(1)</script>
`,
  setext: `Title
=====
Two
lines
-----
not a title

=====
a | b
--|--
1 | 2
- c
Heading
---
# One #
####### seven
#nope
para
# Heading
text | with
--- | ---
row
| x
`,
  html: `<div onclick="alert(1)">

*text*

</div>
<script>
alert(1)

</script>
<!-- comment

still --> after
<img src=x onerror=alert(1)>
&lt;b&gt; &#60;i&#62; &amp; &copy; &nbsp;\\<u>
<a href="javascript:alert(1)">x</a>
`,
  lineEnds:
    'a\r\nb\rc\n\r\n- x\r\n\r- y\r\n```\r\ncode\r\n```\r\r\n| a | b |\r\n|---|---|\r| 1 | 2 |\r\n\0 end',
};

const words = fc.constantFrom(
  'text', 'a', '**bold**', '*em', '_x_', '`code`', '``', '[r]', '[r][s]', '[1]', '![i](x)', '~~s~~', '\\[', '<b>',
  '<https://x.org>', '[l](http://x.org)', '[l](javascript:1)', '|', '&amp;', '---', '===', '1.', '-', '#', '>', '  ',
); // prettier-ignore

const lineStart = fc.constantFrom(
  '', '', '', ' ', '  ', '    ', '\t', '> ', '>', '- ', '-', '* ', '+ ', '1. ', '2) ', '1.', '# ', '### ', '```', '````', '~~~',
  '```js', '  - ', '    - ', '   ', '| ', '---', '***', '===', '|--|--|', '--|--', '[r]: http://x.org', '[s]: ', '[r]:', '"title"',
  '> - ', '> > ', '- > ', '- - ', '- ```', '> ```', '> [r]: http://y.org', '<div>', '</div>', '<!--', '-->', ':--',
); // prettier-ignore

/** Lines put together from what is known to be nasty. */
export const nastyMarkdown: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      lineStart,
      fc.array(words, { maxLength: 3 }),
      fc.constantFrom('\n', '\n', '\n', '\n\n', '\r\n', '  \n', ' \n', '\r'),
    ),
    { maxLength: 14 },
  )
  .map((lines) => lines.map(([start, rest, end]) => start + rest.join(' ') + end).join(''));
