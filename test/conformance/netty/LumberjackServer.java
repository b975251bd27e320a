import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A lumberjack server of version 2 on loopback: acknowledges the last event of each window. */
final class LumberjackServer {
  private static final byte VERSION = '2';

  private final EventLoopGroup group = new NioEventLoopGroup(2);
  private final Channel channel;

  LumberjackServer(SslContext context) throws InterruptedException {
    ServerBootstrap server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel socket) {
                    socket.pipeline().addLast(context.newHandler(socket.alloc()), new Frames());
                  }
                });
    channel = server.bind("127.0.0.1", 0).sync().channel();
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  void close() {
    channel.close();
    group.shutdownGracefully();
  }

  /** Window, compressed and JSON frames. */
  private static final class Frames extends ByteToMessageDecoder {
    private long expected;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
      in.markReaderIndex();
      if (in.readableBytes() < 6) {
        return;
      }
      in.skipBytes(1);
      byte type = in.readByte();
      switch (type) {
        case 'W':
          expected = in.readUnsignedInt();
          return;
        case 'C':
          ByteBuf compressed = payload(in);
          if (compressed != null) {
            ByteBuf inner = Unpooled.wrappedBuffer(inflate(compressed));
            while (inner.isReadable()) {
              decode(context, inner, out);
            }
          }
          return;
        case 'J':
          long sequence = in.readUnsignedInt();
          if (payload(in) != null && sequence == expected) {
            ByteBuf acknowledgement = context.alloc().buffer(6);
            acknowledgement.writeByte(VERSION).writeByte('A').writeInt((int) sequence);
            context.writeAndFlush(acknowledgement);
          }
          return;
        default:
          throw new IOException("unknown frame " + (char) type);
      }
    }

    /** The payload behind its length; null, and nothing read, until all of it has arrived. */
    private static ByteBuf payload(ByteBuf in) {
      if (in.readableBytes() >= 4) {
        int length = in.readInt();
        if (in.readableBytes() >= length) {
          return in.readSlice(length);
        }
      }
      in.resetReaderIndex();
      return null;
    }

    private static byte[] inflate(ByteBuf compressed) throws DataFormatException {
      byte[] bytes = new byte[compressed.readableBytes()];
      compressed.readBytes(bytes);
      Inflater inflater = new Inflater();
      inflater.setInput(bytes);
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      byte[] part = new byte[4096];
      while (!inflater.finished()) {
        int count = inflater.inflate(part);
        if (count == 0 && inflater.needsInput()) {
          throw new DataFormatException("a compressed frame ends early");
        }
        plain.write(part, 0, count);
      }
      inflater.end();
      return plain.toByteArray();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The client learns of a refusal by the alert.
      context.close();
    }
  }
}
