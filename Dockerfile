# tautline on Alpine: docs/install.md. The binary is static, so any image may copy it from this one.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /src
COPY . .
RUN cargo build --locked --release

FROM alpine:3.22
# The repo that is mounted belongs to whoever mounts it, and nothing in it is run.
RUN printf '[safe]\n\tdirectory = *\n' > /etc/gitconfig
COPY --from=build /src/target/release/tautline /usr/local/bin/tautline
WORKDIR /repo
ENTRYPOINT ["tautline"]
CMD ["check"]
