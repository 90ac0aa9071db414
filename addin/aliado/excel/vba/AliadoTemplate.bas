Attribute VB_Name = "AliadoTemplate"
Option Explicit

Public Sub AliadoClearSample()
    ' Empties the input tables of this workbook. It needs no Python.
    Dim Sheet As Worksheet, Table As ListObject
    If MsgBox("Se borran los datos de las hojas de entrada de este libro." & vbCrLf & _
        "The data on this workbook's input sheets will be deleted.", vbOKCancel + vbExclamation + vbDefaultButton2, "Aliado") <> vbOK Then Exit Sub
    For Each Sheet In ThisWorkbook.Worksheets
        For Each Table In Sheet.ListObjects
            If Left$(Table.Name, 6) <> "Aliado" Then EmptyTable Table
        Next Table
    Next Sheet
End Sub

Private Sub EmptyTable(ByVal Table As ListObject)
    If Table.DataBodyRange Is Nothing Then Exit Sub
    If Table.ListRows.Count > 1 Then
        Table.DataBodyRange.Offset(1, 0).Resize(Table.ListRows.Count - 1).Delete xlShiftUp
    End If
    Table.DataBodyRange.ClearContents
End Sub
