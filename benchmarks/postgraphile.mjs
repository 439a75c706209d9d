// PostGraphile 5 as its pages set it up for production. PEERS is the folder with node_modules, see README.md.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.PEERS, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));

const { PostGraphileAmberPreset } = await load("postgraphile/presets/amber");
const { makePgService } = await load("postgraphile/adaptors/pg");
const { PostGraphileConnectionFilterPreset } = await load("postgraphile-plugin-connection-filter");

export default {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE, schemas: ["public"] })],
  grafserv: { port: Number(process.env.PORT), host: "127.0.0.1", watch: false, graphiql: false },
};
