/** Renders the templates inside YAML values with dbt's native renderer: a lone expression keeps its type. */

import { isPromise } from '../base/maybe-promise.ts';
import {
  parseTemplate,
  renderNative,
  TemplateError,
  toJs,
  type Context,
  type Template,
} from '../jinja/index.ts';
import { isConfig } from './config.ts';
import { placeIn, type Problems } from './problems.ts';
import type { YamlFile, YamlPath } from './yaml.ts';

const templates = new Map<string, Template>();

/** The values below one YAML value with every templated string rendered, except where `renders` says no. */
export function renderYaml(
  yaml: YamlFile,
  value: unknown,
  context: Context,
  problems: Problems,
  renders: (path: YamlPath) => boolean = () => true,
  path: YamlPath = [],
): unknown {
  if (typeof value === 'string') {
    if (!hasTemplate(value) || !renders(path)) return value;
    try {
      return renderYamlString(value, context);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      problems.error(
        'yaml-template',
        `this value cannot be rendered: ${error.message}`,
        placeIn(yaml.file, yaml.rangeOf(path)),
      );
      return value;
    }
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => renderYaml(yaml, item, context, problems, renders, [...path, index]));
  }
  if (!isConfig(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      renderYaml(yaml, item, context, problems, renders, [...path, key]),
    ]),
  );
}

/** One string through the native renderer; throws TemplateError. */
export function renderYamlString(text: string, context: Context): unknown {
  const rendered = renderNative(yamlTemplate(text), { context });
  if (isPromise(rendered)) throw new Error('a YAML value must not wait for the warehouse');
  return toJs(rendered);
}

export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

function yamlTemplate(text: string): Template {
  let template = templates.get(text);
  if (!template) {
    if (templates.size > 10_000) templates.clear();
    template = parseTemplate(text, '<yaml>');
    templates.set(text, template);
  }
  return template;
}
