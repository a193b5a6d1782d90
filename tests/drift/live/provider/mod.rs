//! A Terraform provider inside the test's process. Terraform finds it through `TF_REATTACH_PROVIDERS`; its types are a small
//! part of what the providers of Kubernetes, Cloudflare and null resources have, under their names; what it manages is a
//! JSON file ([`World`]).

mod grpc;
mod kinds;
mod proto;
mod schema;
mod service;
mod value;
mod world;

use std::future;
use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::{Arc, LazyLock};
use std::thread;

use serde_json::{Map, Value as Json, json};
use tokio::runtime::{Builder, Handle};

use service::Service;
pub(crate) use world::World;

/// Where all providers of the process run.
static RUNTIME: LazyLock<Handle> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_io().build().expect("a runtime can be made");
    let handle = runtime.handle().clone();
    thread::spawn(move || runtime.block_on(future::pending::<()>()));
    handle
});

/// Serves `world` as long as the process lives. Gives the value of `TF_REATTACH_PROVIDERS`.
pub(crate) fn serve(world: &World) -> String {
    let providers: Map<String, Json> = kinds::families()
        .into_iter()
        .map(|family| {
            let source = family.source.to_owned();
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
            let address = listener.local_addr().expect("it is bound").to_string();
            listener.set_nonblocking(true).expect("sockets can be nonblocking");
            let service = Arc::new(Service { family, world: world.clone() });
            RUNTIME.spawn(async move {
                let listener = tokio::net::TcpListener::from_std(listener);
                grpc::serve(listener.expect("it is nonblocking"), service).await;
            });
            let attachment = json!({
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": process::id(),
                "Test": true,
                "Addr": { "Network": "tcp", "String": address },
            });
            (source, attachment)
        })
        .collect();
    Json::Object(providers).to_string()
}
