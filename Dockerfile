# The service alone: one binary, with TLS to PostgreSQL, run by a user without rights over a read-only root.

FROM rust:1.95-slim-bookworm AS build
# OpenSSL's headers are for libpq alone, which is built from source.
RUN apt-get update && apt-get install --yes --no-install-recommends libssl-dev pkg-config && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package teamdoor --features postgres-tls

FROM debian:bookworm-slim
# Identity providers and mail servers are verified with the system's certificates.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates libssl3 && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/teamdoor /usr/local/bin/teamdoor
# An embedded database and its key stand in /var/lib/teamdoor/data; with PostgreSQL nothing is written there.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/teamdoor teamdoor \
    && install -d -o teamdoor -g teamdoor -m 0700 /var/lib/teamdoor/data
WORKDIR /var/lib/teamdoor
USER 10001
VOLUME /var/lib/teamdoor/data
# Reached from outside the container, so TEAMDOOR__SERVER__PUBLIC_URL has to be said.
ENV TEAMDOOR__SERVER__LISTEN=0.0.0.0:3000
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/3000 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && IFS= read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["teamdoor"]
CMD ["serve"]
