"""What broadcasters connect to: the present state over HTTP, Server-Sent Events and WebSocket, and its pages."""
