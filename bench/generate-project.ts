/** Writes a project of layered models for measurements: every model has a description and two tests, and reads two models of the layer below. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface GeneratedProject {
  readonly name: string;
  readonly models: number;
  /** How many models deep the longest path is. */
  readonly layers: number;
}

const MODELS_A_FOLDER = 100;

/** Path to text; the same arguments give the same files. */
export function generateProject({ name, models, layers }: GeneratedProject): Map<string, string> {
  const files = new Map<string, string>();
  files.set('dbt_project.yml', settings(name));
  const widths = Array.from({ length: layers }, (_, layer) => Math.floor((models + layer) / layers));
  for (const [layer, width] of widths.entries()) {
    const below = widths[layer - 1] ?? 0;
    const folder = (index: number): string =>
      `models/layer_${layer}/part_${Math.floor(index / MODELS_A_FOLDER)}`;
    for (let index = 0; index < width; index++) {
      const text = layer === 0 ? base(index) : derived(layer, index, below);
      files.set(`${folder(index)}/${modelName(layer, index)}.sql`, text);
    }
    for (let from = 0; from < width; from += MODELS_A_FOLDER) {
      const members = Array.from(
        { length: Math.min(MODELS_A_FOLDER, width - from) },
        (_, index) => from + index,
      );
      files.set(`${folder(from)}/schema.yml`, properties(layer, members));
    }
  }
  return files;
}

export function writeProject(folder: string, project: GeneratedProject): void {
  for (const [path, text] of generateProject(project)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function modelName(layer: number, index: number): string {
  return `layer_${layer}_model_${index}`;
}

function settings(name: string): string {
  return `name: ${name}
version: '1.0'
profile: ${name}
models:
  ${name}:
    +materialized: table
    layer_0:
      +materialized: view
`;
}

function base(index: number): string {
  return `select
    i as id,
    i % ${(index % 7) + 2} as kind,
    'name ' || i as name,
    (i * ${(index % 90) + 10})::numeric / 100 as amount
from generate_series(1, ${(index % 50) + 50}) as i
`;
}

function derived(layer: number, index: number, below: number): string {
  const left = modelName(layer - 1, index % below);
  const right = modelName(layer - 1, (index * 7 + 3) % below);
  return `{{ config(tags=['layer_${layer}']) }}

with facts as (
    select * from {{ ref('${left}') }}
),

others as (
    select id, amount as other_amount from {{ ref('${right}') }}
)

select
    facts.id,
    facts.kind,
    facts.name,
    facts.amount + coalesce(others.other_amount, 0) as amount
from facts
left join others on others.id = facts.id
{% if var('only_kind', none) is not none %}where facts.kind = {{ var('only_kind') }}{% endif %}
`;
}

function properties(layer: number, members: readonly number[]): string {
  const models = members.map(
    (index) => `  - name: ${modelName(layer, index)}
    description: Model ${index} of layer ${layer}.
    columns:
      - name: id
        description: The key.
        data_tests: [unique, not_null]
`,
  );
  return `version: 2
models:
${models.join('')}`;
}
