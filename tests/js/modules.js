// The pages load static/js/*.js as modules; Node has no package.json there to go by, so it is told here.

import { register } from "node:module";

register("./as-modules.js", import.meta.url);
