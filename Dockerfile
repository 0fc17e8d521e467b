# The program without its development tools. The database is outside: DATABASE_URL is mandatory, and so are, for a province's
# day, SMTP_URL and /app/diemtin.yaml. `.ci/image-steps` performs these steps without an engine and knows only the
# instructions used here; paths are relative to WORKDIR for its sake.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY jobs ./jobs
COPY templates ./templates
RUN npm run build
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-bookworm-slim AS run
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY migrations ./migrations
COPY diemtin.example.yaml ./
# 1000 is the user "node" of the base image: what it may write is its state and its output, not the program.
RUN mkdir -p var out && chown 1000:1000 var out
VOLUME ["/app/var", "/app/out"]
USER 1000:1000
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["--help"]
