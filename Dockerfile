# certmux as an image: docker build -t certmux --build-arg CERTMUX_COMMIT=$(git rev-parse HEAD) .
# The version of Node is the one that package.json pins. Pin the digest of the base as well where you build for production:
# docker buildx imagetools inspect node:26.10.0-bookworm-slim

FROM node:26.10.0-bookworm-slim AS build
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
# The console is built with the rest: there are no sources to build it from yet.
RUN npm ci --ignore-scripts
COPY bin bin
COPY config config
COPY console console
COPY deploy deploy
COPY scripts scripts
COPY src src
COPY LICENSE README.md tsconfig.json ./
# Shown by certmux --version.
ARG CERTMUX_COMMIT=
RUN CERTMUX_COMMIT=$CERTMUX_COMMIT npm run build:package

# What was built needs a Node and nothing else.
FROM node:26.10.0-bookworm-slim
RUN groupadd --system --gid 8080 certmux \
  && useradd --system --uid 8080 --gid certmux --home-dir /var/lib/certmux --shell /usr/sbin/nologin certmux \
  && install -d -o certmux -g certmux -m 0700 /var/lib/certmux /var/cache/certmux \
  && install -d /etc/certmux
COPY --from=build /source/build/package /opt/certmux
RUN ln -s /opt/certmux/bin/certmux /usr/local/bin/certmux
COPY deploy/container.yaml /etc/certmux/certmux.yaml

USER 8080:8080
WORKDIR /var/lib/certmux
ENV CACHE_DIRECTORY=/var/cache/certmux CERTMUX_CONFIG=/etc/certmux/certmux.yaml
# Runs most of it once, so that Node keeps what it compiled: the service starts in half the time, also from a file system that is read only.
RUN certmux init --data /tmp/once --allow-local-pki-url > /dev/null && rm -r /tmp/once

# Keys, database and operator.json.
VOLUME /var/lib/certmux
EXPOSE 8080
HEALTHCHECK --start-period=30s --interval=30s --timeout=10s CMD ["certmux", "ready", "--data", "/var/lib/certmux"]
ENTRYPOINT ["certmux"]
CMD ["serve", "--json"]
