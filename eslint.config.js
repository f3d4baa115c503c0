/** Lint: typescript-eslint's strictest typed set for all TypeScript; the exceptions are few and argued here. */

import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: ['dist/', 'node_modules/', '.cache/', '.grainline/', 'target/', 'dbt_packages/', 'logs/'],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-throw-literal': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A number in a message reads as it prints; everything else must be made a string on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `while (true)` says "until something inside leaves" more plainly than a flag does.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // Spreading a string gives its code points, and those are what Python and Postgres count.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // An async function may satisfy an interface without waiting itself (an in-memory twin of a seam).
      '@typescript-eslint/require-await': 'off',
      // `array[i]!` hides an undefined that noUncheckedIndexedAccess found; a cast beside a bound check is as
      // short and says which type is meant, so the rule stays and this one, which would rewrite it to `!`, goes.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // A union that gains a member must be handled everywhere; a default that throws counts as handling.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `import type` disappears at run time, which the layers' test relies on.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      // `_name` marks a parameter that a signature demands and a body ignores.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // node:test collects the promises of `test`, `describe` and `it` itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'describe', 'it', 'suite'] },
          ],
        },
      ],
    },
  },
);
