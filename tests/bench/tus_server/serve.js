// node serve.js FOLDER: takes uploads on a free port, which it prints, and keeps their bytes in FOLDER.
import {createServer} from "node:http"

import {FileStore} from "@tus/file-store"
import {Server} from "@tus/server"

const tus = new Server({path: "/files", datastore: new FileStore({directory: process.argv[2]})})
const server = createServer((request, response) => tus.handle(request, response))
server.listen(0, "127.0.0.1", () => console.log(server.address().port))
