"""Workbooks of markup to begin with: as banks, report writers, LibreOffice and Excel write them."""

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

_PAGE = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><style></style></head><body>'
    '<h1>Sales</h1><table border="1"><thead><tr><th rowspan="2">Day</th><th colspan="2">Amount &amp; more</th></tr>'
    "<tr><th>in</th><th>out</th></tr></thead><tr><td>01.02.2024<td>1.234,50<td>&nbsp;"
    "<tr><td>02.02.2024</td><td>2,50</td><td>a<br>b</td></tr></table>"
    "<table><caption>Two</caption><tr><td>code</td><td>n</td></tr><tr><td>007</td><td>1</td></tr></table></body></html>"
)
_OFFICE = "urn:schemas-microsoft-com:office"
_SPREADSHEET = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    f'<Workbook xmlns="{_OFFICE}:spreadsheet" xmlns:x="{_OFFICE}:excel" xmlns:ss="{_OFFICE}:spreadsheet">'
    '<Worksheet ss:Name="Sales"><Table><Row><Cell><Data ss:Type="String">code</Data></Cell><Cell ss:MergeAcross="1">'
    '<Data ss:Type="String">n</Data></Cell><Cell ss:Index="5"><Data ss:Type="String">when</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">007</Data></Cell><Cell><Data ss:Type="Number">1.50</Data></Cell>'
    '<Cell ss:Index="5"><Data ss:Type="DateTime">2024-01-31T00:00:00.000</Data></Cell></Row>'
    '<Row ss:Index="5"><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data>'
    "</Cell></Row></Table></Worksheet><Worksheet ss:Name='Two'><Table><Row>"
    "<Cell><Data ss:Type='Number'>1</Data></Cell></Row></Table>"
    "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"
)
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_FLAT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n\n'
    f'<office:document xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0"'
    f' xmlns:text="{_OASIS}:text:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">\n'
    ' <office:body>\n  <office:spreadsheet>\n   <table:table table:name="S">\n'
    '    <table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>\n'
    '     <table:table-cell office:value-type="string"><text:p>day</text:p></table:table-cell></table:table-row>\n'
    '    <table:table-row table:number-rows-repeated="2">\n'
    '     <table:table-cell office:value-type="float" office:value="1.5"><text:p>1,5</text:p></table:table-cell>\n'
    '     <table:table-cell office:value-type="date" office:date-value="2024-02-03"><text:p>3</text:p>'
    "</table:table-cell></table:table-row>\n   </table:table></office:spreadsheet></office:body></office:document>"
)


def _archived(page: str) -> bytes:
    message = MIMEMultipart("related", boundary="x")
    part = MIMEText(page, "html", "utf-8")
    part["Content-Location"] = "file:///C:/x/sheet001.htm"
    message.attach(part)
    return message.as_bytes()


PAGES = (_PAGE.encode(), _PAGE.replace("utf-8", "windows-1252").replace("Day", "Täg").encode("cp1252"))
SPREADSHEETS = (_SPREADSHEET.encode(),)
FLAT_DOCUMENTS = (_FLAT.encode(),)
WEB_ARCHIVES = (_archived(_PAGE),)
