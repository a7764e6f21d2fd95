# syntax=docker/dockerfile:1

# One image for everything: the server (the default), `node dist/cli.js worker`, `migrate`, `doctor` and so on.
# Debian's libc is needed: onnxruntime has no build for that of Alpine.

FROM node:22-bookworm-slim AS build
WORKDIR /app
# What npm needs alone, so that a change of the sources does not install everything anew. The scripts would build already.
COPY package.json package-lock.json .npmrc ./
COPY packages/apollo/package.json packages/apollo/
COPY web/package.json web/
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts
# onnxruntime comes for every system, with 250 MB that are not for this one.
RUN rm -rf node_modules/onnxruntime-node/bin/napi-v*/darwin node_modules/onnxruntime-node/bin/napi-v*/win32

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    DATA_DIR=/data \
    CLIP_CACHE_DIR=/models \
    LOG_FORMAT=json
WORKDIR /app
# Folders that belong to the user of the process; volumes that are mounted there take that over when they are new.
RUN install -d -o node -g node /data /models
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages/apollo packages/apollo
COPY --from=build /app/migrations migrations
COPY --from=build /app/models models
COPY --from=build /app/dist dist
USER node
VOLUME ["/data", "/models"]
EXPOSE 4000
# Ten seconds to stop, beside STOP_DELAY_MS: docker stop needs `--time 15`, Kubernetes its 30 seconds.
STOPSIGNAL SIGTERM
# Whether it lives; whether it can answer is /readyz, for what sends it requests. A worker has the endpoints on METRICS_PORT only.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# In this form the process is the container's first one, and signals reach it.
CMD ["node", "dist/main.js"]
