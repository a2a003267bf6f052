"""Makes the sample pictures that Rust's `image` cannot write. Run here with Pillow 12 or later; the files are kept, so
nobody needs to."""

from PIL import Image, ImageChops, ImageDraw

WIDTH, HEIGHT = 160, 120
# Four quarters, each of its own colour, so that a turned or badly coloured picture is told at once.
QUARTERS = {(0, 0): (200, 40, 40), (1, 0): (40, 160, 60), (0, 1): (40, 70, 190), (1, 1): (230, 230, 225)}


def quarters():
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(picture)
    for (column, row), colour in QUARTERS.items():
        left, top = column * WIDTH // 2, row * HEIGHT // 2
        draw.rectangle([left, top, left + WIDTH // 2, top + HEIGHT // 2], fill=colour)
        # Something small in each, so that the picture is not four empty planes.
        for step in range(6):
            shade = tuple(max(0, part - 20 * (step % 3)) for part in colour)
            draw.line([left + 8, top + 8 + step * 8, left + 60 - step * 6, top + 12 + step * 8], fill=shade, width=2)
    return picture


def without_adobe(data):
    at = data.index(b"\xff\xee")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    return data[:at] + data[at + 2 + length :]


def patched(data, transform):
    """Says another meaning of the four channels: 0 for CMYK, 2 for YCCK."""
    at = data.index(b"Adobe") + 11
    return data[:at] + bytes([transform]) + data[at + 1 :]


def main():
    rgb = quarters()
    rgb.save("progressive.jpg", quality=85, progressive=True)
    rgb.save("subsampled.jpg", quality=85, subsampling=2)
    rgb.save("restarts.jpg", quality=85, restart_marker_blocks=3)
    rgb.save("profiled.jpg", quality=85, icc_profile=b"not a profile, but kept as one " * 40, comment=b"a comment")
    cmyk = rgb.convert("CMYK")
    cmyk.save("cmyk.jpg", quality=90)
    with open("cmyk.jpg", "rb") as file:
        data = file.read()
    with open("cmyk-unmarked.jpg", "wb") as file:
        file.write(without_adobe(data))
    # As Photoshop writes it: the amounts of ink taken for red, green and blue, as JPEG's own colours, and K upside down.
    # Pillow turns all four over when it writes CMYK, so they are turned over beforehand.
    y, cb, cr = ImageChops.invert(rgb).convert("YCbCr").split()
    k = Image.new("L", rgb.size, 255)
    turned = [channel.point(lambda level: 255 - level) for channel in (y, cb, cr, k)]
    Image.merge("CMYK", turned).save("ycck.jpg", quality=90)
    with open("ycck.jpg", "rb") as file:
        data = file.read()
    with open("ycck.jpg", "wb") as file:
        file.write(patched(data, 2))


main()
