# Does on a fresh machine with Rust what README.md says: `docker build .`
FROM rust:1.95
WORKDIR /graph-call
COPY . .
RUN cargo run -p graph-call-std --bin graph-call -- demo
RUN cargo test --workspace
