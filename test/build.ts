import { execFileSync } from 'node:child_process';

/** Worker and command-line tests run what is built, so what is built is fresh. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build:library'], { stdio: 'inherit' });
}
