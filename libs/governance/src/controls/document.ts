import { CROSSWALK } from '../crosswalk/crosswalk.js'
import type { Control } from './control.js'

/** Pages about the controls by their file name; written from the controls themselves. */
export function documentControls(controls: readonly Control[]): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', indexOf(controls)],
    ...controls.map((control) => [`${control.id}.md`, pageOf(control)] as const),
  ])
}

function indexOf(controls: readonly Control[]): string {
  const rows = controls.map(
    ({ id, title, severity, requirements }) =>
      `| [${id}](${id}.md) | ${title} | ${severity} | ${requirements.join(', ')} |`,
  )
  return `# Controls

Written from the files in \`libs/governance/src/controls\` (\`npm run controls\`). Each control asks one question about the history of one credential
and answers *controlled*, *exception*, *uncontrolled* or *unknown*; unknown is never a pass. A credential has the worst verdict of the controls that
apply to it, and *unknown* where none does.${neverFailing(controls)} [How they are judged](../judging-controls.md) on organisations of which it is known what is wrong.

| control | | severity | requirements |
|---|---|---|---|
${rows.join('\n')}
`
}

function neverFailing(controls: readonly Control[]): string {
  const named = controls.filter(({ neverFails }) => neverFails !== undefined)
  return named.length === 0
    ? ''
    : ` By design no worse than *unknown*: ${named.map(({ id }) => `[${id}](${id}.md)`).join(', ')}.`
}

function pageOf({
  id,
  version,
  title,
  question,
  method,
  severity,
  because,
  requirements,
  parameters,
  neverFails,
}: Control): string {
  const values = Object.entries(parameters).map(
    ([name, { default: value, unit, meaning }]) => `| \`${name}\` | ${value} ${unit} | ${meaning} |`,
  )
  const entries = CROSSWALK.entries.filter(({ controls }) => controls.includes(id))
  const frameworks = entries.map(
    ({ framework, canonical, cited }) => `| ${framework} | ${canonical} | ${cited ?? ''} |`,
  )
  return `# ${title}

\`${id}\`, version ${version} · severity **${severity}**: ${because} · ${requirements.join(', ')}

${question}

${method}${neverFails === undefined ? '' : ` It never says uncontrolled: ${neverFails}.`}
${section('Parameters', '| name | default | meaning |', values)}${section('Frameworks', '| framework | entry | cited as |', frameworks)}`
}

function section(title: string, header: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `\n## ${title}\n\n${header}\n|---|---|---|\n${rows.join('\n')}\n`
}
