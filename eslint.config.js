import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '**/generated/',
      'coverage/',
      'apps/api/client/',
      '*.config.js',
      'prisma.config.ts',
      '.dependency-cruiser.cjs',
      'scripts/*.mjs',
      'test/faults/*.mjs',
      'test/recordings/',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest's options are typed as classes and are meant to be written as literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // Pure rooms: no clock, no chance, no IO (house rule 2).
    files: [
      'libs/domain/src/**/*.ts',
      'libs/connectors/src/**/*.ts',
      'libs/access-chain/src/**/*.ts',
      'libs/simulation/src/**/*.ts',
    ],
    ignores: ['**/*.spec.ts', '**/*.contract.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'time comes in with the record or the command' },
        { object: 'Math', property: 'random', message: 'ids come in with the command' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.contract.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
)
