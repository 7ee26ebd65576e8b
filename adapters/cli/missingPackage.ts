/** What to install, where an import failed for want of a package that users bring themselves; nothing for any other error. */
export function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
  return name && `this command needs ${name}; npm install ${name}`;
}
