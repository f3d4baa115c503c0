# The command line: built here, run without Python and without an embedded server (the warehouse is the service beside it).

FROM node:22-bookworm-slim AS build
WORKDIR /grainline
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --no-audit --no-fund

FROM node:22-bookworm-slim
WORKDIR /grainline
COPY --from=build /grainline ./
ENV PATH=/grainline/bin:$PATH
ENTRYPOINT ["/grainline/docker/with-project.sh", "bin/grainline"]
