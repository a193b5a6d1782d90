//! Unary gRPC over plain HTTP/2: as much of it as Terraform speaks to a provider.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::{HeaderMap, HeaderValue, Request, Response};
use tokio::net::{TcpListener, TcpStream};

use super::service::Service;

/// gRPC's status for a method that is not there: the plugin protocol has services for logs and brokers that are optional.
const UNIMPLEMENTED: &str = "12";
/// Whether it is compressed, and how long it is.
const PREFIX: usize = 5;

/// Answers whoever connects, each connection and call by itself.
pub(crate) async fn serve(listener: TcpListener, service: Arc<Service>) {
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(converse(socket, Arc::clone(&service)));
    }
}

async fn converse(socket: TcpStream, service: Arc<Service>) {
    let Ok(mut connection) = h2::server::handshake(socket).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        let service = Arc::clone(&service);
        tokio::spawn(async move {
            // Terraform may be gone before it has its answer: that is its affair.
            let _ = answer(request, respond, &service).await;
        });
    }
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    service: &Service,
) -> Result<(), h2::Error> {
    let (head, body) = request.into_parts();
    let method = head.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let is_ours = head.uri.path().starts_with("/tfplugin6.Provider/");
    let message = if is_ours { received(body).await? } else { Bytes::new() };
    let said = if is_ours { service.call(&method, &message).await } else { None };
    let response = Response::builder().header("content-type", "application/grpc");
    let Some(said) = said else {
        let response = response.header("grpc-status", UNIMPLEMENTED).body(());
        respond.send_response(response.expect("the headers are constant"), true)?;
        return Ok(());
    };
    let response = response.body(()).expect("the headers are constant");
    let mut stream = respond.send_response(response, false)?;
    let mut framed = BytesMut::with_capacity(PREFIX + said.len());
    framed.put_u8(0);
    framed.put_u32(u32::try_from(said.len()).expect("an answer is small"));
    framed.put_slice(&said);
    stream.send_data(framed.freeze(), false)?;
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    stream.send_trailers(trailers)
}

/// The one message of a unary call.
async fn received(mut body: RecvStream) -> Result<Bytes, h2::Error> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    if bytes.len() < PREFIX {
        return Err(Reason::PROTOCOL_ERROR.into());
    }
    Ok(bytes.freeze().slice(PREFIX..))
}
