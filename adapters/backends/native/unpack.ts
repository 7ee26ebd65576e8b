import { runProgram } from './runProgram.js';

/** Unpacks, by a few lines of Python, what a pattern picks from a wheel or an npm tarball. */
export async function unpack(python: string, archive: string, into: string, pick = '.*'): Promise<void> {
  await runProgram(python, ['-c', SCRIPT, archive, into, pick]);
}

const SCRIPT = `
import re, sys, tarfile, zipfile
archive, into, pick = sys.argv[1:]
if archive.endswith('.whl'):
    with zipfile.ZipFile(archive) as z:
        z.extractall(into, [n for n in z.namelist() if re.fullmatch(pick, n)])
else:
    with tarfile.open(archive) as t:
        t.extractall(into, [m for m in t.getmembers() if m.isfile() and re.fullmatch(pick, m.name)])
`;
