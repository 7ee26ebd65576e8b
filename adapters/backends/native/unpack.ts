import { runProgram } from './runProgram.js';

/** Unpacks, by a few lines of Python, what a pattern picks from a wheel or an npm tarball. */
export async function unpack(python: string, archive: string, into: string, pick = '.*'): Promise<void> {
  await runProgram(python, ['-c', SCRIPT, archive, into, pick]);
}

const SCRIPT = `
import os, re, sys, tarfile, zipfile
archive, into, pick = sys.argv[1:]
if archive.endswith('.whl'):
    with zipfile.ZipFile(archive) as z:
        for entry in z.infolist():
            if re.fullmatch(pick, entry.filename):
                path = z.extract(entry, into)
                # What may be executed stays so, which Python forgets.
                mode = entry.external_attr >> 16 & 0o777
                if mode:
                    os.chmod(path, mode)
else:
    with tarfile.open(archive) as t:
        t.extractall(into, [m for m in t.getmembers() if m.isfile() and re.fullmatch(pick, m.name)])
`;
