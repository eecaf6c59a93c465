"""What broadcasters connect to: the present over HTTP, Server-Sent Events and WebSocket, and pages."""
