/** Native git's smart HTTP server in a process of its own, for both sides of the bench. Tells its address. */
import { startGitHttp } from '../test/helpers/git-http-server.ts';

const server = await startGitHttp(process.argv[2] ?? '');
process.send?.(server.url('team.git'));
process.once('disconnect', () => void server.close());
